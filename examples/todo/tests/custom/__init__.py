"""Your own tests. Every fixture of the generated ones is at hand."""
