"""What came with the DAG."""

CONTENT = "a parcel"
