"""The same workflow where several machines share one PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

from a_house import MARSH
from a_worked_desk import ONCE

from requests_portal.app import worker
from requests_portal.model.production import ProductionState

S = ProductionState


def test_two_warrants_go_all_the_way_while_others_file(new_desk, new_postgres):
    desk = new_desk(recordings=4, database_url=new_postgres)
    with worker(desk.desk, name="the-one-worker"):
        cases = [desk.a_warrant(), desk.a_warrant()]
        with ThreadPoolExecutor(4) as pool:
            filed = list(pool.map(lambda _: desk.file(accounts=[MARSH.account]).reference, range(12)))
        for case in cases:
            desk.until(case, S.GATHERED)
            desk.certify(case)
        offered = [desk.until(case, S.OFFERED) for case in cases]

    assert len(set(filed)) == 12
    assert [desk.verdicts(made) for made in offered] == [[True, True], [True, True]]
    assert [desk.acts_of(case) for case in cases] == [ONCE, ONCE]
    assert desk.log_is_sound()
    desk.desk.close()
