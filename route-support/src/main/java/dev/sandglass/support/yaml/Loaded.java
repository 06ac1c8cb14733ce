package dev.sandglass.support.yaml;

import dev.sandglass.support.Bodies;
import dev.sandglass.support.yaml.room.Deadline;
import dev.sandglass.support.yaml.room.Room;
import dev.sandglass.support.yaml.room.WorkShare;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.InterceptStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one file, in a {@link Room} of their own: what they do touches no other route, and they go all at once. An old one
 * ends when what entered it has left.
 */
final class Loaded {
    /** Seconds; an exchange has 30 by its own limit. */
    private static final int LEAVING = 40;

    final Room room;
    private final ProducerTemplate template;
    /** As it stands in the folder. */
    final String text;

    final List<YamlRoute> routes;
    final int parts;
    /** Each message inside has one of them; the file is closed when it has all itself. */
    private final Semaphore entrance = new Semaphore(Integer.MAX_VALUE);

    /**
     * The ground that the routes of a file stand on.
     *
     * @param beans those that Kamelets name
     * @param kamelets makes the component {@code kamelet}, one for each room
     * @param use what becomes of the routes
     * @param told of each step; null: nobody
     */
    record Ground(
            BeanRepository beans,
            Supplier<KameletComponent> kamelets,
            Use use,
            @Nullable InterceptStrategy told) {

        Room room(String file, Kamelets vocabulary) {
            Room room = new Room(file, vocabulary.texts(), kamelets, beans);
            if (told != null) {
                room.getCamelContextExtension().addInterceptStrategy(told);
            }
            // Nothing runs in a check, not even a timer.
            room.setAutoStartup(use != Use.CHECKED);
            return room;
        }
    }

    /** The reason for loading routes. */
    enum Use {
        CHECKED,
        TRIED,
        IN_FORCE
    }

    /**
     * @param text as it stands in the folder
     * @param resolved as Camel gets it
     * @throws Exception when Camel cannot make routes of it; nothing is left of them then
     */
    Loaded(String text, Resolved resolved, Room room) throws Exception {
        this.text = text;
        this.routes = resolved.found();
        this.parts = resolved.parts();
        this.room = room;
        template = room.createProducerTemplate();
        try {
            room.add(resolved.yaml());
            room.start();
        } catch (Throwable e) {
            room.stop();
            throw e;
        }
    }

    /** @return false when it is closed; otherwise {@link #leave} must follow */
    boolean enter() {
        return entrance.tryAcquire();
    }

    void leave() {
        entrance.release();
    }

    /**
     * Sends a message through a route. To be called between {@link #enter} and {@link #leave}.
     *
     * @param direct the name of its {@code from: direct:<name>}
     * @param limit after which none of its steps begins
     * @return what it made of the body, as text
     * @throws Exception what the route failed with
     */
    String send(String direct, String body, Map<String, Object> headers, Duration limit) throws Exception {
        Exchange sent = template.send("direct:" + direct, ExchangePattern.InOut, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
            Deadline.set(exchange, limit);
            if (direct.startsWith(Resolved.WAITING)) {
                WorkShare.begin(exchange);
            }
        });
        if (sent.getException() != null) {
            throw sent.getException();
        }
        return Bodies.text(sent);
    }

    /** Waits for those inside, takes in nobody more, ends. Nobody is sent to it any more. */
    void close() {
        room.leave();
        room.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(Loaded::fromOutside)
                .forEach(Consumer::stop);
        try {
            entrance.tryAcquire(Integer.MAX_VALUE, LEAVING, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        room.getShutdownStrategy().setTimeout(LEAVING);
        stop();
    }

    /** True for HTTP and timers; other consumers feed messages inside. */
    private static boolean fromOutside(Consumer consumer) {
        String uri = consumer.getEndpoint().getEndpointUri();
        return !uri.startsWith("kamelet") && !uri.startsWith("direct");
    }

    /** Ends, whoever is inside. */
    void stop() {
        room.stop();
    }
}
