"""What a plan does to deliver code, one module for each way."""
