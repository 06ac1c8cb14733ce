package dev.sandglass.support;

/** Another service understood the call and said no. */
public class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String document;

    /**
     * @param status 400 to 499
     * @param document the service's answer, a problem document
     */
    public Refused(int status, String document) {
        super(status + " " + document);
        this.status = status;
        this.document = document;
    }

    public String document() {
        return document;
    }

    public int status() {
        return status;
    }
}
