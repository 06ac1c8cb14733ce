package dev.sandglass.support;

/** Another service understood the call and said no. */
public class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status 400 to 499 */
    public Refused(int status, String body) {
        super(status + " " + body);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
