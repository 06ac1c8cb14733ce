package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;

/**
 * A post whose turn it is at a channel.
 *
 * @param mailbox the key of the mailbox it is in
 * @param of the user, or the list, whose mailbox it is
 * @param tries the number of this try, from 1
 */
public record Errand(String mailbox, String of, String channel, Post post, int tries) {
    boolean isForMembers() {
        return channel.equals(Mailbox.MEMBERS);
    }

    /** Asks <em>task</em> for the task, or the list, as it is, and who of the members is to be told where. */
    public String getQuestion() {
        Post.News news = post.news();
        ObjectNode question = Json.object();
        if (news != null && news.isShared()) {
            question.put("list", news.list());
        } else {
            question.put("task", post.task());
        }
        String user = !isForMembers() ? of : news == null ? null : news.to();
        return (user == null ? question : question.put("user", user)).toString();
    }
}
