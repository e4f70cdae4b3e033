"""A bulk campaign: one bad contact never stops it, and what failed can be acted on."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from velobind.binding.contacts import Contact
from velobind.campaign.bulk import bulk
from velobind.errors import ConfigError, TemplateNotFound, TemplateSyntaxError
from velobind.project import Project

Shop = Callable[..., Project]
PROMO = '[messages.promo]\nsubject = "Hi $firstName"\nfrom = "Shop <shop@example.com>"\nhtml = "promo.html.vm"\n'
EVERYONE = ["1", "2", "3", "4"]
# Fails for the contact whose name is Oles, at line 2, column 25.
BREAKS = "<p>\n#if($firstName == 'Oles')$firstName.substring(9)#else$firstName#end</p>"


def test_the_sample_segment_goes_out_with_rows_by_the_name_of_their_source(sample_project: Project) -> None:
    messages = list(sample_project.bulk("promo", segment="everyone"))
    dina = next(message for message in messages if message.to == "dina.kozak@example.com")
    assert dina.subject == "Dina, your promo code"
    assert "By position: Dina Kozak has AAAA-BBBB-DDDD" in (dina.html or "")
    assert "* Dina Kozak: AAAA-BBBB-DDDD" in dina.text
    assert len(messages) == sample_project.segment_count("everyone").matched


def test_a_contact_that_fails_is_recorded_with_its_place_and_the_others_go_out(shop: Shop) -> None:
    campaign = shop(PROMO, promo__html=BREAKS).bulk("promo", contacts=EVERYONE)
    assert [message.to for message in campaign] == ["dina@example.com", "maria@example.com"]
    oles, anon = campaign.failures
    assert (oles.label, oles.template, oles.line) == ("oles@example.com", "promo.html.vm", 2)
    assert oles.source is not None and oles.source.startswith("#if($firstName == 'Oles')")
    assert "IndexOutOfBounds" in oles.reason
    assert "oles@example.com: promo.html.vm:2:" in str(oles)
    assert (anon.label, anon.reason, anon.key) == ("3", "the contact has no e-mail address", "messages.promo.to")
    assert (campaign.rendered, campaign.failed) == (2, 2)


def test_records_keep_the_order_of_the_contacts(shop: Shop) -> None:
    campaign = shop(PROMO, promo__html=BREAKS).bulk("promo", contacts=EVERYONE)
    assert [record.ok for record in campaign.records()] == [True, False, False, True]


def test_failures_are_grouped_by_reason_the_most_frequent_first(shop: Shop) -> None:
    project = shop(PROMO, promo__html=BREAKS)
    people = [project.contact(key) for key in ("1", "2", "2", "3", "2")]
    campaign = project.bulk("promo", contacts=people)
    list(campaign)
    assert [(reason.times, reason.first.label) for reason in campaign.reasons] == [(3, "oles@example.com"), (1, "3")]


def test_kept_failures_and_memory_have_an_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velobind.campaign.bulk.KEPT", 20)
    monkeypatch.setattr("velobind.binding.context.BATCH", 100)
    project = shop(PROMO, promo__html="x" * 1000)

    def peak(count: int) -> int:
        """Bytes in use at most while a campaign of so many contacts, none of whom has an address, is walked."""
        contacts = (Contact({"id": str(i), "email": "", "firstName": f"n{i}"}) for i in range(count))
        campaign = project.bulk("promo", contacts=contacts)
        tracemalloc.start()
        assert list(campaign) == []
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (campaign.failed, len(campaign.failures), len(campaign.reasons)) == (count, 20, 1)
        return used

    peak(500)
    assert peak(4000) < peak(1000) * 1.3


def test_a_broken_template_is_an_error_at_once_not_a_failure_a_contact(shop: Shop) -> None:
    project = shop(PROMO, promo__html="<p>\n#if($a)never closed</p>")
    with pytest.raises(TemplateSyntaxError) as caught:
        project.bulk("promo", contacts=EVERYONE)
    assert caught.value.place is not None and caught.value.place.startswith("promo.html.vm:2:")


def test_a_message_or_template_that_is_not_there_is_an_error_at_once(shop: Shop) -> None:
    project = shop(PROMO, promo__htm="")
    with pytest.raises(TemplateNotFound, match=r"did you mean 'promo\.htm\.vm'"):
        project.bulk("promo", contacts=EVERYONE)
    with pytest.raises(ConfigError, match="promo"):
        project.bulk("prom", contacts=EVERYONE)


def test_a_campaign_is_of_a_segment_or_of_contacts(shop: Shop) -> None:
    project = shop(PROMO, promo__html="")
    with pytest.raises(TypeError, match="either a segment or contacts"):
        project.bulk("promo")


def test_every_key_of_a_message_is_a_template(shop: Shop) -> None:
    message = """[messages.promo]
subject = "Hi\\n$firstName"
from = "$firstName's shop <shop@example.com>"
to = "$firstName $lastName <$email>"
reply_to = "$!{nothing}"
text = "promo.txt.vm"
headers = { X-Contact = "no. $id\\r\\nBcc: evil@example.com" }
"""
    (made,) = shop(message, promo__txt="Hello $firstName\n").bulk("promo", contacts=["1"])
    assert (made.subject, made.from_, made.to) == (
        "Hi Dina",
        "Dina's shop <shop@example.com>",
        "Dina Kozak <dina@example.com>",
    )
    assert (made.reply_to, made.html, made.text) == (None, None, "Hello Dina\n")
    assert made.headers == {"X-Contact": "no. 1 Bcc: evil@example.com"}
    assert "Bcc" not in made.as_email()


def test_data_cannot_add_a_recipient(shop: Shop) -> None:
    contacts = (
        "id,email,firstName\n"
        '1,d@example.com,"x <evil@example.com>, Dina"\n'
        '2,"d@example.com, evil@example.com",Dina\n'
        '3,"d@example.com\nBcc: evil@example.com",Dina\n'
        '4,d@example.com,"Dina\nBcc: evil@example.com"\n'
    )
    message = '[messages.promo]\nsubject = "$firstName"\nto = "$firstName <$email>"\nhtml = "promo.html.vm"\n'
    campaign = shop(message, contacts=contacts, promo__html="").bulk("promo", contacts=["1", "2", "3", "4"])
    sent = [message.as_email() for message in campaign]
    assert [address.addr_spec for each in sent for address in each["To"].addresses] == ["d@example.com"]
    assert [failure.label for failure in campaign.failures][1:] == [
        "d@example.com\nBcc: evil@example.com",
        "d@example.com",
    ]


@pytest.mark.parametrize("header", ["Bcc", "Subject", "Content-Type", "X Y", "X:Y", "X\\nY"])
def test_a_header_that_is_not_the_messages_to_set_is_refused(shop: Shop, header: str) -> None:
    message = f'[messages.promo]\nhtml = "promo.html.vm"\nheaders = {{ "{header}" = "1" }}\n'
    with pytest.raises(ConfigError, match="header"):
        shop(message, promo__html="").bulk("promo", contacts=EVERYONE)


def test_autoescape_is_for_the_html_only(shop: Shop) -> None:
    message = '[messages.promo]\nsubject = "$x"\nhtml = "promo.html.vm"\ntext = "promo.txt.vm"\nautoescape = true\n'
    contacts = "id,email,x\n1,d@example.com,<b>&amp\n"
    (made,) = shop(message, contacts=contacts, promo__html="$x", promo__txt="$x").bulk("promo", contacts=["1"])
    assert (made.subject, made.html, made.text) == ("<b>&amp", "&lt;b&gt;&amp;amp", "<b>&amp")


@pytest.mark.parametrize(("remove", "html"), [("true", "a<!-- kept -->"), ("false", "<!---->a<!----><!-- kept -->")])
def test_empty_comments_are_removed_on_request(shop: Shop, remove: str, html: str) -> None:
    message = f'[messages.promo]\nhtml = "promo.html.vm"\nremove_empty_comments = {remove}\n'
    template = "<!--#if(true)-->a<!--#end--><!-- kept -->"
    (made,) = shop(message, promo__html=template).bulk("promo", contacts=["1"])
    assert made.html == html


def test_a_preview_needs_no_address(shop: Shop) -> None:
    (made,) = bulk(shop(PROMO, promo__html=""), "promo", contacts=["3"], address_needed=False)
    assert (made.to, made.label) == (None, "3")


def test_limit_and_day_choose_the_contacts(sample_project: Project) -> None:
    from datetime import date

    assert len(list(sample_project.bulk("promo", segment="everyone", limit=2))) == 2
    birthday = sample_project.bulk("promo", segment="birthday_today", as_of=date(2026, 9, 2))
    assert [message.to for message in birthday] == ["dina.kozak@example.com"]
