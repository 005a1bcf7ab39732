"""Page and guidance in, colour out. One file a method, whole; the registry; composition. The only torch at run time."""
