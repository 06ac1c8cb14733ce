package dev.sandglass.task.memory;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.BindingFailure;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.NotTaken;
import dev.sandglass.support.memory.QueueWork;
import dev.sandglass.support.memory.RouteQueues;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Batch;
import dev.sandglass.task.domain.WebhookPost;
import dev.sandglass.task.domain.WebhookQueue;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Users' webhooks as this replica knows them: a change that is written rings for those of its list. */
@Singleton
@Named("listWebhooks")
public class ListWebhooks {
    /** Every post, a line each, as of the integrators' routes. */
    private static final Logger LOG = Logger.getLogger("dev.sandglass.webhook");

    private final RouteQueues queues;
    private final int tries;
    private final boolean here;
    private final MeterRegistry meters;

    /**
     * @param tries after that many failures a change is a dead letter
     * @param here true where this machine may be posted to without a binding
     */
    public ListWebhooks(
            RouteQueues queues,
            @ConfigProperty(name = "sandglass.task.webhook-tries") int tries,
            @ConfigProperty(name = "sandglass.task.webhooks-to-this-machine") boolean here,
            MeterRegistry meters) {
        this.queues = queues;
        this.tries = tries;
        this.here = here;
        this.meters = meters;
    }

    /** @param users of all webhooks */
    public void know(@Body Map<String, String> users) {
        queues.workOff(
                WebhookQueue.class,
                users.entrySet().stream()
                        .map(one -> new WebhookQueue(one.getKey(), one.getValue(), tries))
                        .toList());
    }

    /** Rings for changes that were just written. */
    public void written(@Body Batch.Decided decided) {
        ring(decided.written().stream()
                .map(recorded -> recorded.change().list())
                .collect(toSet()));
    }

    /** @param lists with changes that are to be told: just written, or left behind by another replica */
    public void ring(@Body Set<String> lists) {
        queues.wake(lists.stream().map(list -> list + ".").toList());
    }

    /** Has a webhook looked at that was changed. */
    public void changed(@Body Answer answer) {
        queues.wake(Json.tree(answer.body()).findValuesAsText("id"));
    }

    public Decision<WebhookPost> toPost(
            @ExchangeProperty("work") QueueWork work, @ExchangeProperty("try") QueueWork.Try event) {
        return WebhookPost.of(work.name(), event.json(), work.keys());
    }

    /** A dead letter that is sent again. */
    public Decision<WebhookPost> again(@Header("webhook") String webhook, @ExchangeProperty("event") String event) {
        return WebhookPost.of(webhook, Json.read(event, JsonNode.class), Set.of());
    }

    /** True where a post went by no binding, and needs none. */
    public boolean isHere(
            @ExchangeProperty("post") WebhookPost post, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable why) {
        return here && post.address().isThisMachine() && BindingFailure.isOfNone(why.getCause());
    }

    public void posted(@ExchangeProperty("post") WebhookPost post) {
        count(post, "delivered");
    }

    public void refused(
            @ExchangeProperty("post") WebhookPost post, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable why) {
        BindingFailure failure = BindingFailure.of(String.valueOf(why.getCause()));
        count(post, failure.reason());
        throw new NotTaken(failure);
    }

    private void count(WebhookPost post, String outcome) {
        boolean delivered = outcome.equals("delivered");
        meters.counter("sandglass.webhooks.posts", "outcome", delivered ? outcome : "failed")
                .increment();
        LOG.infof("%s by %s: %s", post.id(), post.address().binding(), outcome);
    }

    /** @see WebhookQueue#taken */
    public Decision<Boolean> taken(@Header("webhook") String webhook, @ExchangeProperty("event") String event) {
        return WebhookQueue.taken(
                webhook, Json.read(event, JsonNode.class), Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }
}
