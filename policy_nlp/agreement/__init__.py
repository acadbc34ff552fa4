"""Agreement of coders: coefficients, label sets, 2x2 tables, bootstrap intervals. numpy only.

Codes come as an array of shape (K, U): the index of the code each of K coders gave each of U units, -1
where the coder was not given the unit. "Nothing applies" is a code (or an empty set), never -1.
"""
