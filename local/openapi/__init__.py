"""The OpenAPI document: made from the routes, their parameters, and models of their answers."""
