"""What a message, a response, a limit and a delivery is: values and rules, no input or output, no clock."""
