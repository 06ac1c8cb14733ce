package dev.sandglass.support;

import org.jspecify.annotations.Nullable;

/** A service is there, and says itself that it failed at a call (500): others of its calls may succeed. */
public class CallFailed extends Unavailable {
    private static final long serialVersionUID = 1L;

    public CallFailed(String app, @Nullable Throwable cause) {
        super(app, app + " failed at this call, and has logged why", cause);
    }
}
