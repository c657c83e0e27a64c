"""Facts of AWS as tables: its regions, the sizes of Fargate, the instances of RDS, the rules of a security group."""
