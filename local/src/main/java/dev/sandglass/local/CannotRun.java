package dev.sandglass.local;

/** A reason that the user at the terminal must know or change; only its message is shown. Ends in exit code 1. */
final class CannotRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotRun(String message) {
        super(message);
    }
}
