"""Asks Footnote through the openai package. usage: chat.py BASE_URL TOKEN QUESTION"""
import json
import sys

import openai

MODEL = "footnote"


def client(base_url, token):
    """A client that goes straight to the server and tries each request once."""
    transport = openai.DefaultHttpxClient(trust_env=False)
    return openai.OpenAI(base_url=base_url, api_key=token, max_retries=0, timeout=300, http_client=transport)


def refused(expected, what, ask):
    """Asserts that a request is answered with a certain error, which says something."""
    try:
        ask()
    except expected as error:
        body = error.body if isinstance(error.body, dict) else {}
        assert body.get("message"), f"{what} is refused without a message: {error.response.text}"
        say(f"{what}: {error.status_code} {body['message']}")
    except openai.OpenAIError as error:
        raise AssertionError(f"{what} should raise {expected.__name__}, not {type(error).__name__}: {error}") from error
    else:
        raise AssertionError(f"{what} should raise {expected.__name__}, but was answered")


def whole(chat, messages):
    """The answer of one response."""
    completion = chat.create(model=MODEL, messages=messages)
    assert len(completion.choices) == 1, f"there should be one choice: {completion}"
    choice = completion.choices[0]
    assert choice.message.role == "assistant", f"the answer's role is {choice.message.role}"
    assert choice.message.content, f"the answer is empty: {completion}"
    assert choice.finish_reason == "stop", f"the answer's finish_reason is {choice.finish_reason}"
    assert completion.usage is not None, f"the answer has no usage: {completion}"
    return choice.message.content


def streamed(chat, messages):
    """The answer as it comes in pieces."""
    pieces, last = [], None
    for chunk in chat.create(model=MODEL, messages=messages, stream=True):
        for last in chunk.choices:
            pieces.append(last.delta.content or "")
    assert last is not None, "the stream has no chunk with a choice"
    assert last.finish_reason == "stop", f"the last chunk's finish_reason is {last.finish_reason}"
    assert "".join(pieces), "the streamed answer is empty"
    return "".join(pieces)


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(base_url, token, question):
    footnote = client(base_url, token)
    models = [model.id for model in footnote.models.list()]
    assert MODEL in models, f"the models lack {MODEL}: {models}"

    chat, messages = footnote.chat.completions, [{"role": "user", "content": question}]
    answer = whole(chat, messages)
    say(f"answer: {answer}")
    pieces = streamed(chat, messages)
    say(f"streamed: {pieces}")

    stranger = client(base_url, f"{token}-wrong").chat.completions
    refused(openai.AuthenticationError, "a wrong token", lambda: stranger.create(model=MODEL, messages=messages))
    refused(openai.BadRequestError, "an empty list of messages", lambda: chat.create(model=MODEL, messages=[]))
    only_system = [{"role": "system", "content": "Be brief."}]
    refused(openai.BadRequestError, "a list without a question", lambda: chat.create(model=MODEL, messages=only_system))
    refused(openai.NotFoundError, "an unknown model", lambda: chat.create(model="nonsense", messages=messages))
    print(json.dumps({"answer": answer, "streamed": pieces}, ensure_ascii=False))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: chat.py BASE_URL TOKEN QUESTION")
    try:
        main(*sys.argv[1:])
    except AssertionError as error:
        sys.exit(str(error))
    except openai.OpenAIError as error:
        sys.exit(f"The server's answer is not what the openai package expects: {type(error).__name__}: {error}")
