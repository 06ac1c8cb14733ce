package dev.sandglass.task.domain.chat;

import java.util.List;

/** Thrown while a sentence is read, where a date could mean two days or none; the reader makes it a question. */
@SuppressWarnings("serial") // never leaves the package
final class Unsure extends RuntimeException {
    private final String question;
    private final transient String place;
    private final transient List<Choice> instead;

    /**
     * @param place the words that are unsure
     * @param instead what could be said in their place, in {@link Choice#say}
     */
    Unsure(String question, String place, List<Choice> instead) {
        super(question, null, false, false);
        this.question = question;
        this.place = place;
        this.instead = instead;
    }

    Intent.Unclear about(String message) {
        var choices = instead.stream()
                .map(it -> new Choice(message.replace(place, it.say()), it.label()))
                .toList();
        return new Intent.Unclear(question, choices, message.replace(place, " ").strip());
    }
}
