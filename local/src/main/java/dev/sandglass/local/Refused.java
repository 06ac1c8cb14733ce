package dev.sandglass.local;

/** Something the person at the terminal has to know or change; its message is all they are shown. Ends in exit code 1. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message);
    }
}
