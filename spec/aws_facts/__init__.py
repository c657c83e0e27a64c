"""What is known of AWS as tables: regions, sizes that Fargate sells, instances of RDS."""
