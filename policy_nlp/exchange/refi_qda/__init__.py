"""REFI-QDA projects (.qdpx, .qde) and codebooks (.qdc) <-> records; nothing outside knows the XML."""
