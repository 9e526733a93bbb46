-- The bulk billing incentives that every Medicare patient's visit can have since 1 November 2025, by Modified Monash area. Later ones are
-- loaded as a list (`hellomapper mbs list incentives`), which takes the place of these.
insert into payments.incentive_item (item_number, kind, area_from, area_until, effective_from, source) values
    ('10990', 'single', 1, 1, '2025-11-01', 'MBS Online, item 10990, read second hand on 2026-11-22'),
    ('10991', 'single', 2, 2, '2025-11-01', 'MBS Online, item 10991, read second hand on 2026-11-22'),
    ('75855', 'single', 3, 4, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75856', 'single', 5, 5, '2025-11-01', 'MBS Online, item 75856, read second hand on 2026-11-22'),
    ('75857', 'single', 6, 6, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75858', 'single', 7, 7, '2025-11-01', 'MBS Online, item 75858, read second hand on 2026-11-22'),
    ('75870', 'triple', 1, 1, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75871', 'triple', 2, 2, '2025-11-01', 'MBS Online, item 75871, read second hand on 2026-11-22'),
    ('75873', 'triple', 3, 4, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75874', 'triple', 5, 5, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75875', 'triple', 6, 6, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75876', 'triple', 7, 7, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75880', 'enrolled', 1, 1, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75881', 'enrolled', 2, 2, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75882', 'enrolled', 3, 4, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75883', 'enrolled', 5, 5, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75884', 'enrolled', 6, 6, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming'),
    ('75885', 'enrolled', 7, 7, '2025-11-01', 'by the order of the items: compare with the descriptor before claiming');
