"""Who answers: the agents of one shop and their shifts."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huisheng.app.demo.frame import DAY_SECONDS, HOUR_SECONDS, Frame, Words
from huisheng.app.demo.goods import Storefront, words
from huisheng.app.demo.planted import Plot
from huisheng.app.demo.sheets import Sheet, instants

PRESALE_GROUP, AFTERSALE_GROUP, ROBOT_GROUP = "售前组", "售后组", "机器人"
DAY_SHIFT, EVENING_SHIFT = (8, 17), (15, 23)


@dataclass(frozen=True)
class Staff:
    """The agents of one shop; row 0 is the robot, then 售前组, then 售后组."""

    agent_id: Words
    account: Words
    name: Words
    group: Words


def staff_of(shop: Storefront) -> Staff:
    """Return the agents of one shop."""
    names = [shop.robot, *shop.presale_agents, *shop.aftersale_agents]
    groups = [ROBOT_GROUP]
    groups += [PRESALE_GROUP] * len(shop.presale_agents)
    groups += [AFTERSALE_GROUP] * len(shop.aftersale_agents)
    return Staff(
        agent_id=words(names),  # the sub-account, which is all a chat log knows of an agent
        account=words([f"{shop.main}:{name}" for name in names]),
        name=words(names),
        group=words(groups),
    )


def agents_sheet(frame: Frame, staff: Staff) -> Sheet:
    """Return the `agents` table."""
    size = len(staff.agent_id)
    return {
        "agent_id": pa.array(staff.agent_id),
        "account": pa.array(staff.account),
        "display_name": pa.array(staff.name),
        "role": pa.array(["robot"] + ["human"] * (size - 1)),
        "group_name": pa.array(staff.group),
        "active": pa.array([True] * size),
        "joined_at": pa.array(
            [frame.date_at(-40 - 97 * (n * 7 % 11)).isoformat() for n in range(size)]
        ),
    }


def shifts_sheet(frame: Frame, plot: Plot, staff: Staff) -> Sheet:
    """Return the `agent_shifts` table: who works when; a thin evening shift where planted."""
    humans = np.arange(1, len(staff.agent_id))
    day, agent = (
        grid.ravel() for grid in np.meshgrid(np.arange(frame.days), humans, indexing="ij")
    )
    evening = (day + agent) % 2 == 1
    aftersale = staff.group[agent] == AFTERSALE_GROUP
    if plot.on("slow_evening"):
        members = np.flatnonzero(staff.group == AFTERSALE_GROUP)
        local_day = frame.start.astype("M8[D]").astype(np.int64) + day
        on_duty = agent == members[0] + local_day % len(members)
        thin = frame.start + (day * DAY_SECONDS).astype("m8[s]") >= plot.since["slow_evening"]
        evening = np.where(aftersale & thin, on_duty, evening)
    start = np.where(evening, EVENING_SHIFT[0], DAY_SHIFT[0])
    end = np.where(evening, EVENING_SHIFT[1], DAY_SHIFT[1])
    works = (day * 3 + agent * 2) % 7 > 0
    works |= evening & aftersale & plot.on("slow_evening")
    begin = frame.start + (day * DAY_SECONDS + start * HOUR_SECONDS)[works].astype("m8[s]")
    return {
        "agent_id": pa.array(staff.agent_id[agent[works]]),
        "start_at": instants(begin),
        "end_at": instants(begin + ((end - start)[works] * HOUR_SECONDS).astype("m8[s]")),
        "group_name": pa.array(staff.group[agent[works]]),
    }
