package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.ChannelAddress;
import dev.sandglass.support.domain.OneLine;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message to an address.
 *
 * @param id the same for every try
 * @param subject of a mail
 * @param content of a mail plain text, of others JSON
 */
public record ChannelMessage(ChannelAddress address, String id, String subject, String content) {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm", Locale.ENGLISH);

    /** @param task null where it is about a list, @param list null where it is about a task */
    static ChannelMessage of(
            ChannelAddress address, Post post, @Nullable Task task, NextStep.@Nullable NamedList list) {
        Post.News news = post.news();
        String actor = news == null ? "" : OneLine.of(news.actor());
        String name = list == null ? "" : list.name();
        String title = task == null
                ? actor + " shared “" + name + "” with you"
                : (news != null ? "Completed: " : post.overdue() ? "Overdue: " : "") + task.title();
        String text = task == null ? "" : news != null ? "By " + actor : due(task);
        ObjectNode hook = Json.object()
                .put("id", post.id())
                .put("type", news != null ? news.kind() : post.overdue() ? "overdue" : "reminder")
                .put("text", text.isEmpty() ? title : title + "\n" + text)
                .put("at", post.at().toString());
        if (news != null) {
            hook.put("actor", news.actor());
        }
        if (task == null) {
            hook.putObject("list").put("id", news == null ? "" : news.list()).put("name", name);
        } else {
            about(task, hook.putObject("task"));
        }
        return of(address, post.id(), title, text, hook);
    }

    /** Not all of it: a description may say what its writer told no one else. */
    private static void about(Task task, ObjectNode about) {
        about.put("id", task.id()).put("list", task.list()).put("title", task.title());
        about.set("due", Json.tree(task.due()));
        about.put("timeZone", task.timeZone().getId());
        about.set("priority", Json.tree(task.priority()));
    }

    /** The code by which who reads it there confirms that the address is theirs. */
    public static ChannelMessage code(ChannelAddress address, String code) {
        String title = "Confirm this address for Sandglass";
        String text = "Somebody wants reminders of Sandglass to come here. If that is you, give Sandglass this code"
                + " within an hour:\n\n" + code + "\n\nIf it is not you, do nothing: nothing more comes.";
        ObjectNode hook = Json.object()
                .put("type", "confirm")
                .put("text", title + "\n" + text)
                .put("code", code);
        return of(address, "confirm", title, text, hook);
    }

    private static ChannelMessage of(ChannelAddress address, String id, String title, String text, ObjectNode hook) {
        String content = switch (address.channel()) {
            case ChannelAddress.EMAIL -> title + "\n" + text;
            case ChannelAddress.NTFY ->
                // ntfy puts its own words in the place of none.
                Json.object()
                        .put("topic", address.text())
                        .put("title", title)
                        .put("message", text.isEmpty() ? title : text)
                        .toString();
            default -> hook.toString();
        };
        return new ChannelMessage(address, id, title, content);
    }

    private static String due(Task task) {
        if (task.due() == null) {
            return "";
        }
        String when = task.due().time() == null
                ? DAY.format(task.due().date())
                : MINUTE.format(task.due().date().atTime(task.due().time()));
        return "Due " + when + " (" + task.timeZone() + ")";
    }

    public boolean isMail() {
        return address.channel().equals(ChannelAddress.EMAIL);
    }
}
