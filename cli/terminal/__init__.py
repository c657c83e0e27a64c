"""What is seen: lines, the live tree of a deploy, and the last word of an error."""
