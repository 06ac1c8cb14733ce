package dev.sandglass.support.camel;

import dev.sandglass.support.memory.Backlog;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * {@code memory:<bean>?consumers=<n>}: a route begins with the work that waits in a {@link Backlog}. Each consumer is a thread that
 * takes work, runs the route with it, and takes again; the exchange property {@link #CONSUMER} is its number, from 0.
 */
@Singleton
@Named("memory")
public class MemoryComponent extends DefaultComponent {
    public static final String CONSUMER = "consumer";
    /** Long, since each look wakes a processor; work and the end of the service wake a consumer by themselves. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    @Override
    protected Endpoint createEndpoint(String uri, String bean, Map<String, Object> parameters) {
        int consumers = getAndRemoveParameter(parameters, "consumers", Integer.class, 1);
        return new MemoryEndpoint(uri, this, bean, consumers);
    }

    private static final class MemoryEndpoint extends DefaultEndpoint {
        private final String bean;
        private final int consumers;

        MemoryEndpoint(String uri, Component component, String bean, int consumers) {
            super(uri, component);
            this.bean = bean;
            this.consumers = consumers;
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException("memory: is where a route begins; call the bean " + bean);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            Backlog backlog = getCamelContext().getRegistry().lookupByNameAndType(bean, Backlog.class);
            if (backlog == null) {
                throw new IllegalArgumentException("there is no backlog named " + bean);
            }
            return new MemoryConsumer(this, processor, backlog, consumers);
        }
    }

    private static final class MemoryConsumer extends DefaultConsumer {
        private final Backlog backlog;
        private final int consumers;
        /** The threads that wait for work: a stop need not wait for them. */
        private final Set<Thread> waiting = new HashSet<>();

        private @Nullable ExecutorService threads;

        MemoryConsumer(MemoryEndpoint endpoint, Processor processor, Backlog backlog, int consumers) {
            super(endpoint, processor);
            this.backlog = backlog;
            this.consumers = consumers;
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            var manager = getEndpoint().getCamelContext().getExecutorServiceManager();
            threads = manager.newFixedThreadPool(this, getEndpoint().getEndpointUri(), consumers);
            for (int i = 0; i < consumers; i++) {
                int consumer = i;
                threads.execute(() -> consume(consumer));
            }
        }

        @Override
        protected void doStop() throws Exception {
            synchronized (waiting) {
                waiting.forEach(Thread::interrupt);
            }
            if (threads != null) {
                getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(threads);
            }
            super.doStop();
        }

        private void consume(int consumer) {
            while (isRunAllowed() && !isStoppingOrStopped()) {
                try {
                    Object work = take();
                    if (work != null) {
                        consume(consumer, work);
                    }
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    // One failure of a backlog must not end the flow for good.
                    getExceptionHandler().handleException("cannot take from " + getEndpoint(), e);
                }
            }
        }

        private @Nullable Object take() throws InterruptedException {
            synchronized (waiting) {
                if (isStoppingOrStopped()) {
                    return null;
                }
                waiting.add(Thread.currentThread());
            }
            try {
                return backlog.take(LOOK);
            } finally {
                synchronized (waiting) {
                    waiting.remove(Thread.currentThread());
                }
                // Work taken at the moment of the stop is done.
                Thread.interrupted();
            }
        }

        private void consume(int consumer, Object work) {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(work);
            exchange.setProperty(CONSUMER, consumer);
            try {
                createUoW(exchange);
                getProcessor().process(exchange);
                if (exchange.getException() != null) {
                    getExceptionHandler().handleException("not done", exchange, exchange.getException());
                }
            } catch (Exception e) {
                getExceptionHandler().handleException("not done", exchange, e);
            } finally {
                doneUoW(exchange);
                releaseExchange(exchange, false);
            }
        }
    }
}
