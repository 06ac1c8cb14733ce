package dev.sandglass.support.yaml.room;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the messages under way hold, those that wait in a {@code delay} too. A step for which there is no room fails, and nobody waits. A
 * file has at most half of what is free: however many files take all they can, there is room for one more.
 */
final class Inflight implements InterceptStrategy {
    private static final String OUTER = "room.held";
    /** Characters that all rooms hold together; as three bytes each they are a quarter of the heap. */
    static final long ALL = Runtime.getRuntime().maxMemory() / 12;
    /** For what a message counts that says nothing. */
    private static final int MESSAGE = 2_000;

    private static final Object LOCK = new Object();
    private static long all;

    private long here;
    private boolean ended;

    /** While a step goes on. What goes on within it has mostly the same values. */
    private final class Part {
        private final Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
        private long weight;

        Part(Exchange exchange, @Nullable Part outer) {
            if (outer != null) {
                known.addAll(outer.known);
            }
            more(MESSAGE + Weight.of(exchange, known));
            known.addAll(Weight.values(exchange));
        }

        private void more(long characters) {
            synchronized (LOCK) {
                if (ended || 2 * (here + characters) > ALL - all) {
                    throw new NoRoom("there is no room for it: the messages of this file that are under way hold "
                            + here + " characters, those of all files " + all);
                }
                weight += characters;
                here += characters;
                all += characters;
            }
        }

        void leave() {
            synchronized (LOCK) {
                if (!ended) {
                    here -= weight;
                    all -= weight;
                    weight = 0;
                }
            }
        }
    }

    /**
     * Counts what a step is making.
     *
     * @throws NoRoom when there is none for it
     */
    static void more(Exchange exchange, long characters) {
        Part part = exchange.getProperty(OUTER, Part.class);
        if (part != null) {
            part.more(characters);
        }
    }

    /** The routes have ended: what waited in a delay goes on nowhere. */
    void end() {
        synchronized (LOCK) {
            all -= here;
            here = 0;
            ended = true;
        }
    }

    /** Characters that all rooms hold now. */
    static long all() {
        synchronized (LOCK) {
            return all;
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext camel, NamedNode step, Processor target, Processor next) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback done) {
                Part outer = exchange.getProperty(OUTER, Part.class);
                Part part;
                try {
                    part = new Part(exchange, outer);
                } catch (IllegalStateException e) {
                    exchange.setException(e);
                    done.done(true);
                    return true;
                }
                exchange.setProperty(OUTER, part);
                try {
                    return super.process(exchange, sync -> {
                        part.leave();
                        exchange.setProperty(OUTER, outer);
                        done.done(sync);
                    });
                } catch (Throwable e) {
                    part.leave();
                    throw e;
                }
            }
        };
    }
}
