"""What the site needs beside extensions of Sphinx that are kept by others."""
