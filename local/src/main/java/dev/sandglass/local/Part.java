package dev.sandglass.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of the stack, as data: a {@link Keeper} gives it life.
 *
 * @param name as in {@code ./run ps}
 * @param port its main port
 * @param ports every port it listens on, by the name that moves it
 * @param start its command
 * @param prepare runs before each start
 * @param up asks if it can be used
 * @param whole asks if all around it works too: a sidecar is up without its service, and whole with it
 * @param needs parts without which it is not up, without itself
 * @param after the needed parts that must no longer be starting when it starts, if they start together
 * @param gentle the signal that asks it to end
 */
record Part(
        String name,
        int port,
        Map<String, Integer> ports,
        Start start,
        Preparation prepare,
        Probe up,
        Probe whole,
        List<String> needs,
        List<String> after,
        String gentle) {

    /**
     * @param command program and arguments
     * @param environment variables added to the caller's
     * @param directory where it runs
     */
    record Start(List<String> command, Map<String, String> environment, Path directory) {}

    /** The preparation of a start: a formatted data folder, links to the program. */
    interface Preparation {
        Preparation NONE = say -> {};

        /**
         * @param say takes a message about the progress, for the display
         * @throws IOException if the part cannot be started so
         */
        void run(Consumer<String> say) throws IOException;
    }

    /** The state that {@code ./run ps} shows. */
    enum State {
        STARTING,
        RUNNING,
        STOPPED,
        FAILED,
        ABSENT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A part as it is now.
     *
     * @param pid null while there is no process
     * @param port null for a part that does not exist here
     * @param log its log file
     * @param whole true if all around it works too
     * @param deaths the number of times it died in a row without having been up
     * @param note its activity, a missing thing, or the reason it failed; may be empty
     */
    record Status(
            String name,
            @Nullable Long pid,
            State state,
            @Nullable Integer port,
            String log,
            boolean whole,
            int deaths,
            String note) {}
}
