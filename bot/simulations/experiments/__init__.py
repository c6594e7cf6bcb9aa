"""One module an experiment, named as the experiment; `EXPERIMENT` is what the catalogue lists."""
