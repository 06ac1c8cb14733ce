package dev.sandglass.task.domain.chat;

/**
 * One of the answers a question offers.
 *
 * @param say a sentence that is clear by itself, without the conversation; where it deletes several tasks, that is asked again there
 * @param label what a person sees
 */
public record Choice(String say, String label) {}
