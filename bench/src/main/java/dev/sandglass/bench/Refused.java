package dev.sandglass.bench;

/** The bench cannot go on, and says why in a sentence. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
        super(why);
    }
}
