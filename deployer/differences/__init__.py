"""What differs between two template sets, in the words of those who review it; pure, without AWS."""
