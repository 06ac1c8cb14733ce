package dev.sandglass.support.domain;

/** A receiver did not take what was posted to it. */
public final class NotTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean last;

    public NotTaken(BindingFailure failure) {
        super(failure.reason(), null, false, false);
        last = failure.last();
    }

    /** Tells if it would not take it the next time either. */
    public boolean isLast() {
        return last;
    }
}
