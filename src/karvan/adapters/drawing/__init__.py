"""Pictures of the network: SVG made by hand, PNG made of the SVG."""
