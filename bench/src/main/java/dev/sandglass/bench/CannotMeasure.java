package dev.sandglass.bench;

/** The bench cannot go on, and says why in a sentence. */
final class CannotMeasure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotMeasure(String why) {
        super(why);
    }
}
