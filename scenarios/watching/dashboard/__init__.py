"""A page in a browser that follows runs and studies: it starts nothing and writes nothing."""
