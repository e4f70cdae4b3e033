"""The mode `structured`: what stands inside of a block moves left by the block's own indentation."""


class Indentation:
    pass
