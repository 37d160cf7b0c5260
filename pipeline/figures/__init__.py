"""Tables and arrays in, figures out: lines and dots as SVG text, pictures as data URIs; the only matplotlib."""
