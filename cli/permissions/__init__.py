"""The policies of IAM, as a page, as JSON, or as files."""
