"""The hand that draws the demo menu: a canvas, vessels, ingredients, and one recipe per product."""
