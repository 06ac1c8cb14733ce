package dev.sandglass.support.yaml.room;

/** The messages under way hold so much that there is no room for a step of one more. */
public final class NoRoom extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public NoRoom(String why) {
        super(why);
    }
}
