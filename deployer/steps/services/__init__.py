"""The steps that switch services on, start them anew, and look at them."""
