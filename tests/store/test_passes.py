"""A pass is good once, whichever node is asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from missent.store import open_store

from .holding import HOUR, NOW


@pytest.fixture
def nodes(url, keys):
    with open_store(url, keys, patience=20) as one, open_store(url, keys, patience=20) as other:
        yield one, other


def test_used_once_on_whichever_node(nodes):
    one, other = nodes
    assert one.passes.spend_pass("1.2.0", NOW + HOUR, NOW)
    assert not other.passes.spend_pass("1.2.0", NOW + HOUR, NOW)
    assert other.passes.spend_pass("1.2.1", NOW + HOUR, NOW)
    assert one.audit.verify().events == 2


def test_of_many_at_once_one_has_it(nodes):
    for number in range(10):
        with ThreadPoolExecutor(8) as pool:
            tries = [pool.submit(nodes[i % 2].passes.spend_pass, f"{number}", NOW + HOUR, NOW) for i in range(8)]
            assert sum(one.result() for one in tries) == 1
    assert nodes[0].audit.verify().faults == ()


def test_given_back_it_is_good_again(nodes):
    one, other = nodes
    one.passes.spend_pass("1.2.0", NOW + HOUR, NOW)
    other.passes.give_back_pass("1.2.0")
    assert one.passes.spend_pass("1.2.0", NOW + HOUR, NOW)


def test_remembered_until_it_is_out_of_date(nodes):
    one, other = nodes
    one.passes.spend_pass("1.2.0", NOW + HOUR, NOW)
    one.passes.forget_passes(NOW)
    assert not other.passes.spend_pass("1.2.0", NOW + HOUR, NOW)
    one.passes.forget_passes(NOW + HOUR)
    assert other.passes.spend_pass("1.2.0", NOW + HOUR, NOW)


def test_both_nodes_know_each_others_passes(nodes):
    assert nodes[0].passes.pass_key == nodes[1].passes.pass_key != nodes[0].keys.derive("link")
