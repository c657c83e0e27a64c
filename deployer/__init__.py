"""The hands: templates, code and image to AWS, and down again; boto3 lives in `deployer.aws` alone."""
