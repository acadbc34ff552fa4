"""The local web page on which people check and correct codings."""
