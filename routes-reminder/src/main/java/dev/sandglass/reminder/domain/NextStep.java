package dev.sandglass.reminder.domain;

import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.BindingFailure;
import dev.sandglass.support.domain.ChannelAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The next step of an errand, or how it went. */
public sealed interface NextStep {
    /** It is sent now. */
    record Send(ChannelMessage message) implements NextStep {}

    /**
     * These are told, each at their channels.
     *
     * @param alone true where the list has no other member than who did it
     */
    record Spread(List<Recipient> recipients, boolean alone) implements NextStep {}

    /** It waits: nobody is disturbed before. */
    record Wait(Instant until) implements NextStep {}

    /** It is tried once more, later, until its time runs out. */
    record Again(String why) implements NextStep {}

    /** It is over. */
    record Over(Stage status, @Nullable String reason) implements NextStep {}

    /** A mail server's answer, as Dapr's SMTP binding hands it on. */
    Pattern REPLY = Pattern.compile("sending email failed: .*?: ([45]\\d\\d)[ -]", Pattern.DOTALL);

    /** @param said what <em>task</em> answered to the errand's question */
    static NextStep of(Errand errand, String said, Instant now) {
        Answer answer = Json.read(said, Answer.class);
        Post post = errand.post();
        if (!post.isWanted(answer.task, answer.list != null)) {
            return new Over(Stage.CANCELLED, "it was not wanted any more");
        }
        if (errand.isForMembers()) {
            Post.News news = post.news();
            return new Spread(
                    answer.users.stream()
                            .filter(recipient ->
                                    news == null || !recipient.user().equals(news.actor()))
                            .toList(),
                    Objects.equals(answer.members, 1));
        }
        for (Recipient recipient : answer.users) {
            Recipient.Channel channel = recipient.channels().get(errand.channel());
            if (recipient.user().equals(errand.of()) && channel != null && channel.wants(post)) {
                Instant awake = recipient.awake(now);
                return awake.isAfter(now) ? new Wait(awake) : to(errand.channel(), channel.address(), post, answer);
            }
        }
        return new Over(Stage.CANCELLED, "you do not want to be told here any more");
    }

    private static NextStep to(String channel, String text, Post post, Answer answer) {
        ChannelAddress address;
        try {
            address = new ChannelAddress(channel, text);
        } catch (IllegalArgumentException wrong) {
            // An earlier version took it.
            return new Over(Stage.FAILED, "the address " + wrong.getMessage());
        }
        return new Send(ChannelMessage.of(address, post, answer.task, answer.list));
    }

    /** The list that is told of. */
    record NamedList(String id, String name) {}

    /**
     * @param members how many the list has; null where nobody says so
     * @param users as they are now
     */
    record Answer(
            @Nullable Task task,
            @Nullable NamedList list,
            @Nullable Integer members,
            List<Recipient> users) {}

    /** @param error of the binding, as Dapr tells it; null where there was no answer in time */
    static NextStep ofBinding(@Nullable String error) {
        String text = String.valueOf(error);
        Matcher reply = REPLY.matcher(text);
        if (reply.find()) {
            String code = reply.group(1);
            String reason = "the mail server answered " + code;
            return code.startsWith("5") ? new Over(Stage.FAILED, reason) : new Again(reason);
        }
        BindingFailure failure = BindingFailure.of(error);
        return failure.last() ? new Over(Stage.FAILED, failure.reason()) : new Again(failure.reason());
    }

    default boolean isToSend() {
        return this instanceof Send;
    }

    /** The reason in a sentence for the user who asked for it; null where it was sent. */
    default @Nullable String reason() {
        return this instanceof Over over ? over.reason() : this instanceof Again again ? again.why() : null;
    }
}
