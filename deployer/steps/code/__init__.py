"""The steps that bring the image and the code to where containers find them."""
