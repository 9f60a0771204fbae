"""Things people say that ask for nothing, each with fitting replies."""

SMALL_TALK: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "My {relative} just called to say the {season} went well.",
        ("That's lovely to hear!", "How nice. It's good to hear from family and friends."),
    ),
    (
        "I had {meal} with {name} and we laughed all the time.",
        ("That sounds like a good time.", "Lovely! Good company makes a good meal."),
    ),
    (
        "{name} is moving away on {weekday} and I'm a bit sad.",
        ("I'm sorry. It helps to fix a day for the next visit.", "That's understandable. I hope you stay in touch."),
    ),
    (
        "I can't wait for the {season}.",
        ("Anticipation is half the joy. I hope it turns out well!", "I can imagine. Enjoy the wait, too."),
    ),
    (
        "My {relative} beat me at chess on {weekday}.",
        ("A rematch may be due then!", "It happens to the best. Next time it may be you."),
    ),
    (
        "I burnt the {meal} again.",
        ("Oh no. At least you know what to watch next time.", "It happens. I hope there was something else to eat."),
    ),
    (
        "{name} says you can't take a joke.",
        ("I do my best, though my timing may be off.", "I like jokes, even if I rarely tell good ones."),
    ),
    (
        "My {relative} has learned to ride a bike!",
        ("Wonderful! Well done, both of you.", "That is a big moment, congratulations!"),
    ),
    (
        "I slept {minutes} minutes last night, at most.",
        ("That's hard. I hope tonight is better.", "I'm sorry, that makes for a long day. Be kind to yourself."),
    ),
    ("{name} and I are friends again.", ("I'm glad to hear it.", "That's good news, friendship is worth the effort.")),
    (
        "My {relative} bakes the best bread in town.",
        ("Fresh bread is hard to beat. Lucky you!", "That sounds delicious."),
    ),
    (
        "It took me {minutes} tries to get the door open this morning.",
        ("Some days begin like that. I hope it got easier!", "Persistence pays off, it seems."),
    ),
    ("Thanks, that was quick!", ("You're welcome!", "Glad it helped.", "My pleasure. Anything else?")),
    (
        "Hello there, how are you today?",
        ("Hello! All good here. What can I do for you?", "Hi! I'm doing fine. How can I help?"),
    ),
    ("Good morning!", ("Good morning! What can I do for you?", "Good morning. How can I help you today?")),
    (
        "You are really helpful, did you know that?",
        ("That's kind of you, thank you.", "Thank you! Happy to be of use."),
    ),
    (
        "I'm a bit tired today.",
        ("I'm sorry to hear that. I hope you get some rest.", "Those days happen. I hope it gets better."),
    ),
    (
        "What a day. I'm glad it's nearly over.",
        ("Sounds like a long one. I hope the evening is calmer.", "Then I hope you can rest soon."),
    ),
    (
        "Do you ever get bored?",
        ("No, I don't get bored, but thank you for asking.", "I don't, each question is a new one."),
    ),
    (
        "Are you a real person?",
        (
            "No, I'm an assistant, a computer program. I can still try to help.",
            "I'm not, I am a program that helps with requests.",
        ),
    ),
    (
        "I just had the best coffee of my life.",
        ("That sounds lovely! Enjoy the rest of the day.", "Nothing like a good coffee. I'm glad!"),
    ),
    (
        "It's my birthday today!",
        (
            "Happy birthday! I hope it's a wonderful day.",
            "Congratulations, and all the best for the new year of your life!",
        ),
    ),
    (
        "Okay, that is all for now, bye!",
        ("Goodbye, and have a good day!", "Bye! Come back whenever you need something."),
    ),
    (
        "My cat is sitting on the keyboard again.",
        ("Cats do know where the attention is. Say hello from me!", "A classic. I hope it types well."),
    ),
    (
        "I don't feel like working today.",
        ("That happens to everyone. A short break may help.", "Understandable. Maybe start with something small."),
    ),
    (
        "Tell me something nice.",
        (
            "You took the time to ask for something nice, and that is a good start to anything.",
            "Somewhere right now, somebody is smiling at a message they just got.",
        ),
    ),
    (
        "Sorry for all these questions.",
        ("No need to be sorry, that's what I'm here for.", "Please don't worry, ask as many as you like."),
    ),
    ("I got the job!", ("Congratulations! That is great news.", "Wonderful, well deserved!")),
    (
        "Who made you?",
        (
            "I'm an assistant made by a team of developers; I don't know more about it than that.",
            "A team of developers did. How can I help?",
        ),
    ),
    ("Hm, let me think for a moment.", ("Of course, take your time.", "No hurry, I'm here.")),
    (
        "Can you keep a secret?",
        (
            "I won't pass on what you tell me here, but please don't share passwords with me.",
            "I try to, though it's wise not to tell me anything confidential.",
        ),
    ),
    (
        "I'm so nervous about tomorrow.",
        (
            "That's understandable. Preparing a little and sleeping well often helps.",
            "I hope it goes well. Take a deep breath, one step at a time.",
        ),
    ),
    (
        "What's your favourite colour?",
        ("I don't have one, but many people seem to like blue.", "I can't see colours, so I leave that choice to you."),
    ),
    ("Great, you've been a big help.", ("I'm glad to hear it!", "You're very welcome.")),
    (
        "My neighbour plays the trumpet at night, it's driving me mad.",
        (
            "That sounds exhausting. A friendly word in daylight sometimes helps.",
            "I'm sorry, that is hard on anyone's sleep.",
        ),
    ),
    (
        "We're finally moving in together!",
        ("How exciting, congratulations to you both!", "Lovely news, I wish you a happy home."),
    ),
    (
        "I think I need a holiday.",
        ("A change of scene can do a lot. I hope you get one soon.", "That sounds well deserved."),
    ),
    (
        "Never mind, I found it myself.",
        ("Good to hear! Let me know if something else comes up.", "Perfect. I'm here if you need me."),
    ),
    ("Do you sleep?", ("No, I'm available at any hour.", "I don't, which makes me a patient listener at night.")),
    (
        "My son said his first word this morning!",
        ("What a moment, congratulations!", "How lovely. Those moments stay with you."),
    ),
    ("I'm just testing whether you're there.", ("I'm here. What can I do for you?", "Yes, I'm listening.")),
    (
        "This weather makes me sleepy.",
        ("It does that to many people. A short walk may help.", "Maybe a cup of tea will help."),
    ),
)
