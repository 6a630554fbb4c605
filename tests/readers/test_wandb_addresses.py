import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.model import RunRef
from samestep.readers.wandb.addresses import reference_of


@pytest.mark.parametrize(
    "text",
    [
        "vision/imagenet/abc123",
        "vision/imagenet/runs/abc123",
        " vision/imagenet/abc123\n",
        "https://wandb.ai/vision/imagenet/runs/abc123",
        "https://wandb.ai/vision/imagenet/runs/abc123/",
        "https://wandb.ai/vision/imagenet/runs/abc123/overview",
        "https://wandb.ai/vision/imagenet/runs/abc123?nw=nwuser&panel=loss#charts",
        "https://wandb.ai/vision/imagenet/runs/abc123/files/output.log?nw=x",
        "https://wandb.example.com/vision/imagenet/runs/abc123",
        "http://127.0.0.1:8080/vision/imagenet/runs/abc123",
        "https://gpu.example.com/wandb/vision/imagenet/runs/abc123/workspace",
    ],
)
def test_a_path_and_the_address_of_a_page_name_one_run(text: str):
    assert str(reference_of(text)) == "wandb:vision/imagenet#abc123"


def test_what_an_address_encodes_is_read_as_it_is_meant():
    found = reference_of("https://wandb.ai/vision/image%20net/runs/abc123")

    assert str(found) == "wandb:vision/image net#abc123"


@pytest.mark.parametrize(
    "text",
    [
        "resnet50",
        "vision/imagenet",
        "runs/resnet50/seed0/version_1",
        "/data/vision/abc123",
        "./vision/abc123",
        "C:\\vision\\abc123",
        "wandb:vision/imagenet#abc123",
        "tensorboard:runs#vision/imagenet",
        "vision/imagenet/abc123#5",
        "vision//abc123",
        "https://wandb.ai/vision/imagenet",
        "https://wandb.ai/vision/imagenet/sweeps/abc123",
        "https://wandb.ai/vision/imagenet/runs",
        "https://[wandb.ai/vision/imagenet/runs/abc123",
        "ftp://wandb.ai/vision/imagenet/runs/abc123",
        "",
    ],
)
def test_other_text_names_no_run_of_wandb(text: str):
    assert reference_of(text) is None


@given(st.text() | st.text(alphabet="ab/:#%?.~ \n[]").map("https://wandb.ai/".__add__))
def test_any_text_is_read_or_is_none_and_a_reference_leads_back(text: str):
    found = reference_of(text)

    assert found is None or RunRef.parse(str(found)) == found
