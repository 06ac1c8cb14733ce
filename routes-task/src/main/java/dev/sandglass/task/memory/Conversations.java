package dev.sandglass.task.memory;

import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Request;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Sentences before the model: one of each user and so many in all, each for so long, so that a slow model takes nobody else's thread. */
@Singleton
@Named("conversations")
public class Conversations {
    /** A tenth of the requests that are under way at once. */
    static final int AT_ONCE = 16;

    private final String component;
    private final Duration limit;
    private final LongSupplier clock;
    /** Users whose sentences are under way. */
    private final Set<String> users = new HashSet<>();

    @Inject
    Conversations(
            @ConfigProperty(name = "sandglass.task.conversation") Optional<String> component,
            @ConfigProperty(name = "sandglass.task.conversation-limit") Duration limit) {
        this(component.orElse(""), limit, System::nanoTime);
    }

    /** @param clock monotonic, nanoseconds */
    public Conversations(String component, Duration limit, LongSupplier clock) {
        this.component = component;
        this.limit = limit;
        this.clock = clock;
    }

    /** The leave to have a sentence of a user understood. */
    public final class Permit {
        private final String user;
        private final long end = clock.getAsLong() + limit.toNanos();

        Permit(String user) {
            this.user = user;
        }

        public String component() {
            return component;
        }

        /**
         * The milliseconds that are left.
         *
         * @throws Unavailable where none are
         */
        public long left() {
            long left = TimeUnit.NANOSECONDS.toMillis(end - clock.getAsLong());
            if (left <= 0) {
                throw new Unavailable("the model", null);
            }
            return left;
        }
    }

    /** @throws Unavailable where there is none */
    public synchronized Permit begin(@ExchangeProperty("request") Request request) {
        if (users.size() >= AT_ONCE || !users.add(request.user())) {
            throw new Unavailable("the model", null);
        }
        return new Permit(request.user());
    }

    /** @param permit null: there was none */
    public synchronized void end(@ExchangeProperty("permit") @Nullable Permit permit) {
        if (permit != null) {
            users.remove(permit.user);
        }
    }
}
