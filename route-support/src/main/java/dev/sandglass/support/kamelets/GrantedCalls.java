package dev.sandglass.support.kamelets;

import dev.sandglass.support.Bodies;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Keyed;
import dev.sandglass.support.yaml.room.WriteShare;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** {@link DaprCalls} for integrators' routes: only granted calls, and the calls of {@code find-tasks-action} and similar Kamelets. */
@Singleton
@Named("grantedCalls")
public class GrantedCalls extends DaprCalls {
    private static final Pattern TASKS_OF_A_USER = Pattern.compile("internal/users/([A-Za-z0-9._%-]+)/tasks(?:\\?.*)?");

    private final Granted granted;

    public GrantedCalls(Dapr dapr, Granted granted) {
        super(dapr);
        this.granted = granted;
    }

    /** @throws IllegalStateException when the file has written its share */
    @Override
    public void publish(Exchange exchange, @ExchangeProperty("topic") String topic) {
        String key = exchange.getMessage().getHeader("ce-key", "", String.class);
        WriteShare.take(
                exchange,
                WriteShare.Place.BROKER,
                key.length() + Bodies.text(exchange).length());
        super.publish(exchange, granted.topic(topic));
    }

    @Override
    public Set<Integer> publishMany(@Body List<Keyed> events, @ExchangeProperty("topic") String topic) {
        return super.publishMany(events, granted.topic(topic));
    }

    @Override
    public void invoke(
            Exchange exchange,
            @ExchangeProperty("app") String app,
            @ExchangeProperty("verb") String verb,
            @ExchangeProperty("method") String method,
            @ExchangeProperty("limit") String limit) {
        Matcher tasks = TASKS_OF_A_USER.matcher(method);
        if (!app.equals("task") || !tasks.matches() || Granted.climbs(tasks.group(1))) {
            granted.method(app, method);
        } else if (!verb.equals("GET")) {
            WriteShare.take(
                    exchange, WriteShare.Place.TASKS, Bodies.text(exchange).length());
        }
        super.invoke(exchange, app, verb, method, limit);
    }

    /** Never granted: the service's state does not belong to a route. {@code dapr-state-action} keeps a route's own state. */
    @Override
    public Map<String, Stored> get(@Body Collection<String> keys) {
        throw new IllegalArgumentException("the state of the service is not granted to integrators' routes");
    }

    /** Never granted, as {@link #get}. */
    @Override
    public void transaction(@Body Transaction transaction) {
        throw new IllegalArgumentException("the state of the service is not granted to integrators' routes");
    }

    /** Never granted: {@code webhook-sink} posts for a route, each try a line in its log. */
    @Override
    public void post(Exchange exchange, @ExchangeProperty("url") String url) {
        throw new IllegalArgumentException("integrators' routes post by webhook-sink");
    }

    @Override
    public void secret(
            Exchange exchange,
            @ExchangeProperty("secretName") String name,
            @ExchangeProperty("property") String property) {
        super.secret(exchange, granted.secret(name), property);
    }
}
