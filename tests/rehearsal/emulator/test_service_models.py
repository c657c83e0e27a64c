"""The promises of rehearsal/emulator/service_models.py."""

from rehearsal.emulator.service_models import service_model


def test_a_model_is_read_once() -> None:
    """Whoever asks again gets the same one."""
    model = service_model("sqs")
    assert model is not None
    assert "SendMessage" in model.operation_names
    assert service_model("sqs") is model


def test_a_service_without_a_model_is_none() -> None:
    """MiniStack has services of its own making."""
    assert service_model("no-such-service") is None
