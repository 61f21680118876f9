"""The cache stores."""
